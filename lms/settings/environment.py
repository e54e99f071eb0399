"""The source of the settings: the environment, and a file of variables beside the code."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
_env_file = env.str("SEN_ENV_FILE", default=str(BASE_DIR / ".env"))
if _env_file and Path(_env_file).exists():
    env.read_env(_env_file)
VAR_DIR = Path(env.str("SEN_VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# "local" is one machine and one person trying the product; "production" is everything that others reach.
SEN_ENVIRONMENT = env.str("SEN_ENVIRONMENT", default="local")
PRODUCTION = SEN_ENVIRONMENT == "production"
