"""The acceptance run: starts the real binary, kills it, and starts it again.

BEELD_TEST_BINARY names it, BEELD_TEST_DATABASE_URL a superuser of a throwaway cluster; deploy/test sets both.
"""

import sys

import checks
import coaching
import content
import demonstration
import mails
import nights
import objections
import operation
import parents
import planted
import pressure
import races
import reports
import survival

if __name__ == "__main__":
    sys.exit(checks.run([
        demonstration, reports, coaching, parents, races, objections, operation, mails, nights, content, planted, survival, pressure]))
