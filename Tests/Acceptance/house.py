"""House rules that the compiler and the formatter do not know: comments in the catalogue, a complete ledger, words."""

import itertools
import os
import pathlib
import re
import subprocess
import sys

import checks

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATABASE = "beeld_house"


def psql(sql, database=DATABASE):
    """Rows of a statement as lists of text, asked as the cluster's superuser."""
    conninfo = f"{os.environ['BEELD_TEST_DATABASE_URL']} dbname={database}"
    out = subprocess.run(
        ["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", conninfo, "-c", sql],
        check=True, capture_output=True, text=True)
    return [line.split("\t") for line in out.stdout.splitlines()]


def files(*suffixes):
    """Files of the project with one of the suffixes, build folders left out."""
    for folder in ("Sources", "Tests", "sql", "deploy"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and (not suffixes or path.suffix in suffixes):
                yield path


class Catalogue(checks.Sentence):
    @classmethod
    def setUpClass(cls):
        psql(f"drop database if exists {DATABASE}", "postgres")
        psql(f"create database {DATABASE} template template0 encoding 'UTF8'", "postgres")
        cls.environment = {
            **os.environ,
            "BEELD_DATABASE_URL": f"{os.environ['BEELD_TEST_DATABASE_URL']} dbname={DATABASE}",
        }
        subprocess.run([os.environ["BEELD_TEST_BINARY"], "migrate"], check=True, env=cls.environment, capture_output=True)

    def test_relations(self):
        """every table and view has a comment"""
        self.assertEqual([], psql("""
            select c.oid::regclass
            from pg_class c
            where c.relnamespace in ('beeld'::regnamespace, 'app'::regnamespace)
              and c.relkind in ('r', 'p', 'v', 'm')
              and obj_description(c.oid, 'pg_class') is null"""))

    def test_columns(self):
        """every column of a table has a comment"""
        self.assertEqual([], psql("""
            select c.oid::regclass, a.attname
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'beeld'::regnamespace
              and c.relkind in ('r', 'p')
              and col_description(c.oid, a.attnum) is null"""))

    def test_functions(self):
        """every function has a comment"""
        self.assertEqual([], psql("""
            select p.oid::regprocedure
            from pg_proc p
            where p.pronamespace in ('beeld'::regnamespace, 'app'::regnamespace)
              and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
              and obj_description(p.oid, 'pg_proc') is null"""""))

    def test_constraint_names(self):
        """every constraint is named by its author"""
        self.assertEqual([], psql(r"""
            select conrelid::regclass, conname
            from pg_constraint
            where connamespace = 'beeld'::regnamespace
              and contype = 'c'
              and conname ~ '_check\d*$'"""))

    def test_ledger(self):
        """the migrated database knows every file of sql/"""
        applied = {row[0] for row in psql("select name from beeld.schema_migration union select path from beeld.schema_object")}
        there = {
            str(path.relative_to(ROOT / "sql"))
            for folder in ("migrations", "functions", "views", "policies")
            for path in (ROOT / "sql" / folder).glob("**/*.sql")
        }
        self.assertEqual(there, applied)

    def test_again(self):
        """migrating again changes nothing"""
        out = subprocess.run(
            [os.environ["BEELD_TEST_BINARY"], "migrate"], check=True, env=self.environment, capture_output=True, text=True)
        self.assertIn("nothing to apply", out.stdout)


class Words(checks.Sentence):
    def find(self, pattern, *suffixes, where=files):
        expression = re.compile(pattern)
        return [
            f"{path.relative_to(ROOT)}:{number}"
            for path in where(*suffixes)
            if path != pathlib.Path(__file__).resolve()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if expression.search(line)
        ]

    def test_open_ends(self):
        """nothing is left open"""
        self.assertEqual([], self.find(r"\b(TODO|FIXME|XXX|HACK)\b", ".swift", ".sql", ".py", ""))

    def test_traps(self):
        """no source file can trap where it could answer"""
        sources = lambda *suffixes: (path for path in files(*suffixes) if "Sources" in path.parts)
        self.assertEqual([], self.find(r"\btry!|\bfatalError\(|\bas!", ".swift", where=sources))

    def test_names(self):
        """no type is named after nothing"""
        self.assertEqual([], self.find(r"\b(class|struct|enum|actor|protocol) \w*(Manager|Helper|Utils?)\b", ".swift"))

    def test_unchecked(self):
        """every unchecked promise has its proof beside it"""
        bare = []
        for path in files(".swift"):
            if "Sources" not in path.parts:
                continue
            lines = path.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines):
                if re.search(r"@unchecked Sendable|nonisolated\(unsafe\)", line.split("//")[0]):
                    # Directly above, so that it is read with the promise; a line that only names the type is none.
                    above = itertools.takewhile(lambda text: text.startswith("//"), map(str.strip, reversed(lines[:number])))
                    if len([text for text in above if len(text) > 3]) < 2:
                        bare.append(f"{path.relative_to(ROOT)}:{number + 1}")
        self.assertEqual([], bare)

    def test_lower_case(self):
        """SQL is written in lower case"""
        sql = lambda *suffixes: (path for path in files(".sql") if "tests" not in path.parts)
        self.assertEqual([], self.find(r"^\s*(SELECT|FROM|WHERE|CREATE|INSERT|UPDATE|DELETE|JOIN|GRANT)\b", where=sql))

    def test_programs(self):
        """every command of deploy/ can be run, and bash can read it"""
        for path in sorted((ROOT / "deploy").iterdir()):
            if path.is_dir() or not path.read_bytes().startswith(b"#!"):
                continue
            with self.subTest(path.name):
                self.assertTrue(os.access(path, os.X_OK), f"{path.name} has no run bit")
                if b"bash" in path.read_bytes().split(b"\n")[0]:
                    subprocess.run(["bash", "-n", str(path)], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(checks.run([sys.modules["__main__"]]))
