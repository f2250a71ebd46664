-- Guests that were not seen for long are found without reading everybody.
create index citizen_seen on citizen (seen_at);
