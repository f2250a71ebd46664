-- How the pages look for a citizen; null: as the system, and roomy.
alter table citizen add column look text;
alter table citizen add column density text;
