-- The days on which a server ran for an hour while its clock kept pace. Guests are deleted after so many of
-- these days without a visit, so a clock that jumps ahead makes nobody old.
--
-- From this schema on, the columns `before` and `after` of `change` hold differences; what they held before,
-- a document each, is still read.
create table observed_day (
    -- days since 1970, UTC
    day bigint primary key
);

-- A server ran on each day on which a guest was created or seen, and between two of them in one week.
insert into observed_day (day)
with recursive
known (day) as (
    select seen_at / 86400 from citizen
    union
    select created_at / 86400 from citizen
),
pair (day, next) as (
    select day, lead(day) over (order by day) from known
),
filled (day, until) as (
    select day, case when next - day <= 7 then next else day end from pair
    union all
    select day + 1, until from filled where day + 1 < until
)
select day from filled;
