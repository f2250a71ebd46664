-- How large the letters are for a citizen, in percent as text, and how the texts look ('easy'); null: 100 and as designed.
alter table citizen add column text_size text;
alter table citizen add column reading text;
