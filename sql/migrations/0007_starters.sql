-- What the starter rules say of one teacher on one day, as a type, so that the calculation and its wrappers have one
-- shape; and the indexes from which a board's careers are read in the order of its people, without their tables.

create type starter_status as (
  person_id uuid,
  school_id uuid,
  window_from date,
  window_until date,
  days_left integer,
  coverage text,
  urgency text,
  employment text,
  cohort integer,
  data_incomplete text[],
  covered_on date,
  policy_version integer,
  first_day date,
  assumed_from date,
  assumed_until date,
  gaps datemultirange,
  recorded_on date,
  planned_for date,
  exempt_until date
);
comment on type starter_status is 'The answer of app.starter_calculation: one teacher, one day.';
comment on column starter_status.person_id is 'The teacher: anyone who has, had or will have an employment as teacher.';
comment on column starter_status.school_id is 'School of attribution.';
comment on column starter_status.window_from is 'S, the first qualified teaching day; null while data_incomplete.';
comment on column starter_status.window_until is 'First day after the window; null while S is missing, or while a pause has no known end.';
comment on column starter_status.days_left is 'Days from the day asked for to window_until; 0 or less when it has ended.';
comment on column starter_status.coverage is 'out_of_scope, covered, covered_late, exempt, recorded, planned or open.';
comment on column starter_status.urgency is 'overdue, at_risk, due_soon or none.';
comment on column starter_status.employment is 'future, active, paused or left.';
comment on column starter_status.cohort is 'The year in which the school year of S begins; null while S is missing.';
comment on column starter_status.data_incomplete is 'The facts that are missing: teaching_since, or teaching_since_approval where the date is there but not confirmed.';
comment on column starter_status.covered_on is 'The first day on which a recording that counts had been made and talked over; null while there is none.';
comment on column starter_status.policy_version is 'The rules applied.';
comment on column starter_status.first_day is 'First day as a teacher with this board.';
comment on column starter_status.assumed_from is 'S, or where it is missing the first day with this board: good for nothing but the scope.';
comment on column starter_status.assumed_until is 'End of the window from assumed_from; null while a pause has no known end.';
comment on column starter_status.gaps is 'Time from assumed_from on without teaching, here or elsewhere, also after the window.';
comment on column starter_status.recorded_on is 'Day of the earliest recording that counts: of those talked over, else of those made.';
comment on column starter_status.planned_for is 'Earliest day for which a recording that would count is planned.';
comment on column starter_status.exempt_until is 'Review date of the exemption in force.';

create type starter_window as ("from" date, until date, days_left integer);
comment on type starter_window is 'The starter window as answers show it.';
create type starter_item as (
  person named_person,
  school named_school,
  coverage text,
  urgency text,
  employment text,
  "window" starter_window,
  data_incomplete text[]);
comment on type starter_item is 'One starter in GET /v1/starters.';

create index employment_teaching on employment (person_id, from_date) include (until_date, school_id) where job = 'teacher';
comment on index employment_teaching is 'Teaching careers in the order of people, for the starter rules.';
create index absence_spells on absence (person_id) include (from_date, until_date);
comment on index absence_spells is 'Leave in the order of people, for the starter rules.';
create index recording_coverage on recording (teacher_id)
  include (state, planned_on, scheduled_for, recorded_on, debriefed_on, ended_on, counts_for_programme, quarantined);
comment on index recording_coverage is 'What coverage needs of recordings in the order of people, for the starter rules.';
create index exemption_person on exemption (person_id);
comment on index exemption_person is 'The exemption of one person: the index of exemption_no_overlap answers ten times slower.';

create type coverage_figures as (
  starters bigint,
  open bigint,
  planned bigint,
  recorded bigint,
  covered bigint,
  covered_late bigint,
  exempt bigint,
  due_soon bigint,
  at_risk bigint,
  overdue bigint,
  paused bigint,
  data_incomplete bigint,
  coverage_rate numeric,
  on_time_rate numeric
);
comment on type coverage_figures is 'The figures of a school, a cohort or the board; the order is the order of the JSON.';
comment on column coverage_figures.starters is 'Teachers who are active or paused and not out of scope; the counts below are parts of it.';
comment on column coverage_figures.coverage_rate is '(covered + covered_late) ÷ (starters − exempt), four decimals; null where nobody counts.';
comment on column coverage_figures.on_time_rate is 'Of the windows that ended in the period, those with a recording in time, four decimals; null where none ended.';
