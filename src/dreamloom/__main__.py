"""`python -m dreamloom`: the same command line as `dreamloom`."""

from dreamloom.cli.app import main

if __name__ == "__main__":
    main()
