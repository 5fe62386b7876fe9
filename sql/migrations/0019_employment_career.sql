-- One index in the place of another, which lacked fte: for the school of somebody who has several the planner then took
-- the GiST index of the exclusion constraint, and that was a third of the time of a calculation for the whole country.
-- Not concurrently: a board's employments are indexed in a moment, for which writers wait and readers do not.

create index employment_career on employment (person_id, from_date) include (until_date, school_id, fte)
  where job = 'teacher';
comment on index employment_career is 'Teaching careers in the order of people, with all that the starter rules need of them.';

drop index employment_teaching;
