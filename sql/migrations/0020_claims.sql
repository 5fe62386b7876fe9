-- Since when a first teaching day waits for its approval: what the adviser's term is counted from.

alter table registration add column teaching_since_claimed_on civil_date not null default app.today();
comment on column registration.teaching_since_claimed_on is 'Day on which teaching_since was entered as it is; of one that was there before this was kept, the day from which on it is.';

-- Its body is in sql/functions, applied before it first fires.
create function app.teaching_since_claimed() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger registration_claimed before update on registration for each row
  when (new.teaching_since is distinct from old.teaching_since) execute function app.teaching_since_claimed();
