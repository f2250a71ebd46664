-- Portable SQL: text ids, whole numbers for times (seconds since 1970, UTC) and flags, JSON as text.

-- A citizen is a guest until they sign in: known by the hash of a random token in a cookie, and by nothing else.
create table citizen (
    id text primary key,
    token_hash text not null unique,
    -- 'nl', 'fr', 'de', 'en'; null: as the browser asks
    language text,
    -- a postcode; null: not told
    place text,
    -- ids of themes, as a JSON list
    interests text not null,
    -- 1 once the welcome was answered or skipped
    welcomed bigint not null,
    created_at bigint not null,
    seen_at bigint not null
);

-- One board for each citizen, as one document, so that an edit is one write.
create table board (
    citizen text primary key references citizen (id) on delete cascade,
    -- goes up by one with every edit
    revision bigint not null,
    -- a JSON list of cards
    cards text not null
);

-- What the board was before each of its last edits.
create table edit (
    citizen text not null references citizen (id) on delete cascade,
    -- the revision that the edit made
    revision bigint not null,
    cards_before text not null,
    at bigint not null,
    primary key (citizen, revision)
);
