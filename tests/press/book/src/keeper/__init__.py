"""Pages that this book alone has, made by rule: one for each light."""
