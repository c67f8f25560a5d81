"""What differs from run to run must be found where it is written, and nothing else."""

import pytest

from press import chance

WRONG = {
    "import time\ntime.time()": chance.CLOCK,
    "from time import perf_counter as now\nnow()": chance.CLOCK,
    "import datetime as dt\ndt.datetime.now()": chance.CLOCK,
    "from datetime import date\ndate.today().year": chance.CLOCK,
    "import pandas as pd\npd.Timestamp.now()": chance.CLOCK,
    "import numpy as np\nnp.datetime64('today')": chance.CLOCK,
    "import uuid\nuuid.uuid4()": chance.SEED,
    "import random\nrandom.shuffle([])": chance.SEED,
    "import numpy as np\nnp.random.normal(size=3)": chance.SEED,
    "from numpy.random import default_rng\ndefault_rng()": chance.SEED,
    "from numpy.random import default_rng\ndefault_rng(seed=None)": chance.SEED,
    "import pandas as pd\npd.DataFrame().sample(n=3)": chance.SEED,
    "import os\nos.environ['HOME']": chance.MACHINE,
    "import os\nos.getpid()": chance.MACHINE,
    "from pathlib import Path\nPath.home()": chance.MACHINE,
    "from pathlib import Path\nsorted(Path('data').iterdir())": chance.FOLDER,
    "import glob\nglob.glob('*.csv')": chance.FOLDER,
    "import warnings\nwith warnings.catch_warnings():\n    pass": chance.SILENT,
}
RIGHT = [
    "import numpy as np\nnp.random.default_rng(1).normal()",
    "from numpy.random import default_rng\ndefault_rng(seed=20)",
    "import random\nrandom.Random(3).shuffle([])",
    "import pandas as pd\npd.DataFrame().sample(n=3, random_state=1)",
    "import numpy as np\nnp.datetime64('2024-01-01')",
    "time = print\ntime(1)",
    "survey.sample",
    "from datetime import date\ndate(2024, 1, 1)",
    "not python at all",
]


@pytest.mark.parametrize("code", WRONG)
def test_what_differs_from_run_to_run_is_found(code):
    lines = code.split("\n")
    assert [(line, said.partition(") ")[2] or said.partition(" ")[2]) for line, said in chance.find(code)] == [
        (next(n for n, text in enumerate(lines, 1) if "import" not in text), WRONG[code])
    ]


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import (\n    date,\n)\ndate.today()",
        "from numpy import (random as r, mean)\n\n\nr.normal()",
        "x = 1; import time as t\n\n\nt.time()",
        "import numpy as np, os as system\n\n\nsystem.getpid()",
        "if True:\n    from time import time\n\ntime()",
        "import pandas as pd\n\n\npd.DataFrame().sample (n=3)",
        "import numpy\n\n\nnumpy . random . normal()",
    ],
)
def test_what_is_imported_in_unusual_ways_is_found(code):
    """Sources in which no word of these stands are not parsed at all."""
    assert [line for line, _ in chance.find(code)] == [4]


@pytest.mark.parametrize("code", RIGHT)
def test_what_is_the_same_in_each_run_passes(code):
    assert list(chance.find(code)) == []


def test_package_may_ask_where_the_book_lies_but_not_what_time_it_is():
    code = "import os, time\nos.environ.get('A')\ntime.time()"
    assert [line for line, _ in chance.find(code, module=True)] == [3]
