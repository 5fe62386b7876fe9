-- without transaction
-- What the starter rules need of employments, attribution included: without fte in it the planner took the exclusion
-- constraint's GiST index for the one school among several, at three times the time of a calculation's largest part.
create index concurrently if not exists employment_career on employment (person_id, from_date)
  include (until_date, school_id, fte)
  where job = 'teacher';
