-- Agendas as iCalendar at a secret address: known by the hash of its token, and read without a cookie.
create table agenda_feed (
    id text primary key,
    citizen text not null references citizen (id) on delete cascade,
    token_hash text not null unique,
    -- of the texts: 'nl', 'fr', 'de', 'en'
    language text not null,
    -- the only card in it; null: all cards
    card text,
    created_at bigint not null,
    -- when a program last asked for it, to some minutes; null: never
    fetched_at bigint,
    -- ids of the cards that have given it something, as a JSON list
    cards text not null
);

create index agenda_feed_of on agenda_feed (citizen);
