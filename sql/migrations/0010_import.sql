-- Imports over the API: what was uploaded, what it would change, and what became of it. In the database, so that any
-- instance can go on where another stopped.

create table import (
  id uuid constraint import_pkey primary key,
  kind text not null constraint import_kind_known check (kind in ('schools', 'staff', 'absences', 'past-recordings')),
  person_id uuid not null constraint import_person_fkey references person on delete cascade,
  school_ids uuid[] constraint import_schools_not_empty check (cardinality(school_ids) > 0),
  board text constraint import_board_shape check (board ~ '^[0-9]{5}$'),
  of_date civil_date,
  file_name label,
  state text not null default 'uploading'
    constraint import_state_known check (state in ('uploading', 'previewed', 'committed', 'discarded')),
  byte_count integer constraint import_byte_count_range check (byte_count between 0 and 33554432),
  sha256 bytea constraint import_sha256_length check (octet_length(sha256) = 32),
  encoding text constraint import_encoding_known check (encoding in ('UTF-8', 'Windows-1252')),
  row_count integer constraint import_row_count_positive check (row_count >= 0),
  change_count integer constraint import_change_count_positive check (change_count >= 0),
  fault_count integer constraint import_fault_count_positive check (fault_count >= 0),
  difference bytea constraint import_difference_length check (octet_length(difference) = 32),
  preview json,
  faults json,
  created_at timestamptz not null default app.now(),
  committed_at timestamptz,
  version integer not null default 1,
  constraint import_schools_of_absences check (kind = 'absences' or school_ids is null),
  constraint import_options_of_schools check (kind = 'schools' or num_nonnulls(board, of_date) = 0),
  constraint import_received_whole check (num_nulls(byte_count, sha256, encoding) in (0, 3)),
  constraint import_judged_whole check (num_nulls(row_count, change_count, fault_count) in (0, 3)),
  constraint import_difference_unless_faults check ((difference is not null) = coalesce(fault_count = 0, false)),
  constraint import_judged_when_previewed check (
    state not in ('previewed', 'committed') or num_nulls(sha256, fault_count) = 0),
  constraint import_faultless_when_committed check (state <> 'committed' or fault_count = 0),
  constraint import_committed_at_when_committed check ((committed_at is not null) = (state = 'committed'))
);
comment on table import is 'A file that somebody uploaded: previewed, then committed or discarded. Its maker''s alone.';
comment on column import.id is 'UUIDv7.';
comment on column import.kind is 'What the file holds: schools, staff, absences or past-recordings.';
comment on column import.person_id is 'Who uploaded it, and as whom it is committed.';
comment on column import.school_ids is 'Absences: only of people of these schools, those that the maker administered on uploading; null for the whole board.';
comment on column import.board is 'Schools: only the locations of the board with this number.';
comment on column import.of_date is 'Schools: the day of which the file speaks; null for the day on which it is judged.';
comment on column import.file_name is 'What its maker calls the file.';
comment on column import.state is 'uploading, previewed, committed or discarded.';
comment on column import.byte_count is 'Length of the file; null until all of it is here.';
comment on column import.sha256 is 'SHA-256 of the file.';
comment on column import.encoding is 'Encoding of the file, as found.';
comment on column import.row_count is 'Rows below the header, as last judged.';
comment on column import.change_count is 'How many things would be, or were, not as before.';
comment on column import.fault_count is 'How many faults were found; with one of them nothing is committed.';
comment on column import.difference is 'SHA-256 over every change that was previewed: a commit makes this difference or none.';
comment on column import.preview is 'The outcome as JSON, without its faults. Personal data: gone when discarded, or after 24 hours.';
comment on column import.faults is 'The faults as JSON, codes and arguments, worded when shown. Personal data: gone when discarded, or after 24 hours.';
comment on column import.created_at is 'When the upload began.';
comment on column import.committed_at is 'When the difference was made.';
comment on column import.version is 'Counts changes; the ETag compares it.';
create index import_person on import (person_id, id);
create index import_kept on import (created_at) where preview is not null or state = 'uploading';

create table import_chunk (
  import_id uuid not null constraint import_chunk_import_fkey references import on delete cascade,
  ordinal integer not null constraint import_chunk_ordinal_positive check (ordinal >= 0),
  bytes bytea not null constraint import_chunk_length check (octet_length(bytes) between 1 and 1048576),
  constraint import_chunk_pkey primary key (import_id, ordinal)
);
comment on table import_chunk is 'The bytes of an uploaded file, kept until commit, discard or 24 hours, whichever is first. For the server''s own work alone: nobody reads a file back.';
comment on column import_chunk.import_id is 'Of which import.';
comment on column import_chunk.ordinal is 'Place in the file, from 0.';
comment on column import_chunk.bytes is 'A piece of the file.';
-- Written once, read once or twice: not worth compressing.
alter table import_chunk alter column bytes set storage external;

create trigger import_audit_insert after insert on import referencing new table as new_rows
  for each statement execute function app.audit('person_id', '{person_id,file_name,preview,faults}', 'id');
create trigger import_audit_update after update on import referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('person_id', '{person_id,file_name,preview,faults}', 'id');
create trigger import_audit_delete after delete on import referencing old table as old_rows
  for each statement execute function app.audit('person_id', '{person_id,file_name,preview,faults}', 'id');
