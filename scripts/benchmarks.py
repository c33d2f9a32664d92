"""`make benchmarks`: runs tests/benchmarks, each of which prints its figures."""

from scripts import bootstrap, environment
from scripts.console import ROOT, Stop, say, start


def main() -> int:
    bootstrap.ensure()
    found = sorted((ROOT / "tests" / "benchmarks").glob("bench_*.py"))
    if not found:
        raise Stop("There are no benchmarks in tests/benchmarks")
    for file in found:
        say(file.stem.removeprefix("bench_").replace("_", " "))
        if environment.run([environment.BIN / "python", "-m", f"tests.benchmarks.{file.stem}"]):
            raise Stop(f"{file.relative_to(ROOT)} failed")
    return 0


if __name__ == "__main__":
    start(main)
