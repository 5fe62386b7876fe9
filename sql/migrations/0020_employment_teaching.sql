-- without transaction
-- employment_career holds all that it held.
drop index concurrently if exists employment_teaching;
