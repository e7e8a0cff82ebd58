"""Arrays and balls: problems, flows, measured quantities."""

import os

# The passes over AV are bound by memory; a second BLAS thread makes them slower, not faster. What
# the user has set stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
