#!/usr/bin/env python
"""Django's command line for Sen."""

import gc
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    if sys.argv[1:2] == ["serve"]:
        gc.disable()  # nothing that a start loads is garbage; the command turns the collector on once all is loaded
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
