-- A board is a document of pages now. What was written before, a bare list of cards, is read as a board of one page.
alter table board rename column cards to document;
-- the number of the last change that is in force; what comes after it can be redone
alter table board add column change bigint not null default 0;

-- The last changes of a board, to take them back and to make them again.
create table change (
    citizen text not null references citizen (id) on delete cascade,
    -- counts up by one
    number bigint not null,
    -- what was done, as JSON that can be put into words in any language
    deed text not null,
    at bigint not null,
    -- what the citizen saw before and after it, as documents
    before text not null,
    after text not null,
    primary key (citizen, number)
);

-- What could be undone before can be undone still.
insert into change (citizen, number, deed, at, before, after)
select
    edit.citizen,
    row_number() over (partition by edit.citizen order by edit.revision),
    '{"did":"changed"}',
    edit.at,
    edit.cards_before,
    coalesce(
        lead(edit.cards_before) over (partition by edit.citizen order by edit.revision),
        (select board.document from board where board.citizen = edit.citizen)
    )
from edit;
update board set change = (select count(*) from change where change.citizen = board.citizen);
drop table edit;

-- The last edits that were acknowledged, so that one that is sent again is not made again.
create table applied (
    citizen text not null references citizen (id) on delete cascade,
    -- counts up by one
    number bigint not null,
    -- a hash of the key that the submission had and of the edit
    submission text not null,
    -- the revision of the board after it
    revision bigint not null,
    -- the tab of the browser that it was made in; empty when it told none
    tab text not null,
    -- 1 when it changed the board, 0 when everything was so already
    made bigint not null,
    -- the id of the card or page that it was about
    subject text,
    primary key (citizen, number),
    unique (citizen, submission)
);
