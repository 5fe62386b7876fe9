"""An import of staff, against psql with the same rows into the same tables."""

import os
import pathlib
import subprocess

import files
import measure

BASELINE_IMPORT = r"""
begin;
select set_config('app.origin', 'import', true);
create temporary table incoming (
  person_number text, name text, email text, school_code text, job text, fte numeric, from_date date, until_date date,
  teaching_since date) on commit drop;
\copy incoming from '{path}' with (format csv, header)
create temporary table incoming_person on commit drop as
select gen_random_uuid() as id, * from (select distinct on (person_number) * from incoming order by person_number) p;
insert into person (id, name) select id, name from incoming_person;
insert into registration (person_id, person_number, email, teaching_since, teaching_since_approved_at)
select id, person_number, email, teaching_since, now() from incoming_person;
insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
select gen_random_uuid(), p.id, s.id, i.job, i.fte, i.from_date, i.until_date
from incoming i
join incoming_person p using (person_number)
join school s on s.code = i.school_code;
commit;
"""


def measure_import(binary, organisation, arguments):
    """Seconds of `beeld import --commit` and of psql with the same rows, each on a fresh copy of the same database."""
    template = f"{organisation.cluster} dbname=beeld_import"
    measure.psql(organisation.cluster, "create database beeld_import template template0 encoding 'UTF8'")
    environment = {**os.environ, "BEELD_DATABASE_URL": template}
    subprocess.run([binary, "migrate"], env=environment, check=True, capture_output=True)
    register, staff, script = (os.path.join(organisation.folder, name) for name in ("schools.csv", "staff.csv", "plain.sql"))
    pathlib.Path(register).write_bytes(files.schools(organisation.schools))
    pathlib.Path(staff).write_bytes(files.staff(arguments.rows, organisation.schools))
    pathlib.Path(script).write_text(BASELINE_IMPORT.format(path=staff))
    subprocess.run([binary, "import", "schools", register, "--commit"], env=environment, check=True, capture_output=True)
    times = {"server": [], "plain": []}
    for number in range(min(arguments.rounds, 3)):
        for side in times:
            measure.psql(organisation.cluster, "drop database if exists beeld_import_run")
            measure.psql(organisation.cluster, "create database beeld_import_run template beeld_import")
            measure.psql(organisation.cluster, "checkpoint")
            conninfo = f"{organisation.cluster} dbname=beeld_import_run"
            if side == "server":
                command, where = [binary, "import", "staff", staff, "--commit"], {**os.environ, "BEELD_DATABASE_URL": conninfo}
            else:
                command, where = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", script, f"{conninfo} user=beeld_jobs"], None
            times[side].append(measure.seconds(command, env=where))
        said = ", ".join(f"{side} {values[-1]:.1f} s" for side, values in times.items())
        measure.say(f"  import, round {number + 1}: {said}")
    return times
