"""Runs the sentences of the acceptance tests: one line each, and their sum as the last line."""

import time
import traceback
import unittest


class Sentence(unittest.TestCase):
    """A test whose docstring is the sentence it proves."""

    maxDiff = 2000

    def shortDescription(self):
        return (self._testMethodDoc or self._testMethodName).strip().split("\n")[0]


class _Lines(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed = 0
        self.failed = 0

    def startTest(self, test):
        super().startTest(test)
        self._started = time.monotonic()
        self._faulty = False

    def stopTest(self, test):
        if not self._faulty and not self._skipped(test):
            self.passed += 1
            self._print("ok  ", test)
        super().stopTest(test)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._fail(test, err, subtest._subDescription())

    def addError(self, test, err):
        super().addError(test, err)
        self._fail(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._fail(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"skip  {test.shortDescription()}: {reason}", flush=True)

    def _skipped(self, test):
        return any(skipped is test for skipped, _ in self.skipped)

    def _fail(self, test, err, case=""):
        self._faulty = True
        self.failed += 1
        self._print("FAILED", test, case)
        print("".join(traceback.format_exception(*err, limit=8)), flush=True)

    def _print(self, verdict, test, case=""):
        seconds = time.monotonic() - getattr(self, "_started", time.monotonic())
        sentence = test.shortDescription() or str(test)
        print(f"{verdict}  {sentence} {case} ({seconds:.1f} s)", flush=True)


def run(modules):
    """Runs all tests of the modules in their order; returns the exit status."""
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromModule(module) for module in modules)
    result = _Lines()
    suite.run(result)
    print(f"{result.passed} passed, {result.failed} failed", flush=True)
    return 1 if result.failed or not result.passed else 0
