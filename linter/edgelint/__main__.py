"""`python -m edgelint`."""

from edgelint.cli import command

if __name__ == "__main__":
    command()
