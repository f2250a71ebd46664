# What cards, messages, dates and forms say.
clock = { $hour }:{ $minute }
time = { $hour }:{ $minute }
day-in-full = { $weekday } { $day } { $month } { $year }
day = { $day } { $month }
day-and-year = { $day } { $month } { $year }
day-and-time = { $day } { $time }
yesterday = yesterday
today = today
tomorrow = tomorrow
days-ago = { $days ->
        [one] { $days } day ago
       *[other] { $days } days ago
    }
in-days = { $days ->
        [one] in { $days } day
       *[other] in { $days } days
    }
in-weeks = { $weeks ->
        [one] in { $weeks } week
       *[other] in { $weeks } weeks
    }
age-minutes = { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
age-hours = { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
age-days = { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
every-minutes = { $count ->
        [one] every minute
       *[other] every { $count } minutes
    }
every-hours = { $count ->
        [one] every hour
       *[other] every { $count } hours
    }
every-days = { $count ->
        [one] every day
       *[other] every { $count } days
    }
times = { $from }–{ $until }
until-day = up to and including { $day }
from-day = from { $day }
on-day = on { $day }
from-until-day = from { $from } up to and including { $until }
until-moment = { $kind ->
        [today] until { $time }
       *[other] until { $moment }
    }
from-moment = { $kind ->
       *[other] from { $moment }
    }
from-until = { $from_kind ->
       *[day] { $from_day } { $from_clock }
    } to { $until_kind ->
        [same] { $until_clock }
       *[day] { $until_day } { $until_clock }
    }
platform = platform { $platform }
late = +{ $minutes } min, expected { $time }
cancelled = cancelled
minutes = { $minutes } min
arrives = arrives { $time }
changes = { $count ->
        [one] 1 change
       *[other] { $count } changes
    }
towards = towards { $to }
leg = { $from } { $departs }, { $to } { $arrives }: { $duration }.
forecast-day = Day
forecast-weather = Weather
forecast-rain = Rain
forecast-low = Lowest
forecast-high = Highest
forecast-over = This forecast is over.
forecast-degrees = { $low } to { $high } degrees
forecast-wind = wind { $wind } km/h
weather-clear = clear
weather-partly-cloudy = some clouds
weather-cloudy = cloudy
weather-fog = fog
weather-drizzle = drizzle
weather-rain = rain
weather-showers = showers
weather-sleet = sleet or hail
weather-snow = snow
weather-snow-showers = snow showers
weather-thunder = thunderstorms
weather-wind = strong wind
gauge-scale = on a scale from { $low } to { $high }
severity-minor = Notice –
severity-moderate = Caution –
severity-severe = Danger –
severity-extreme = Extreme danger –
map-label = Places within { $distance }: the numbers on the map match the list.
series-summary = Latest { $latest }, lowest { $lowest }, highest { $highest }.
series-table = Show as a table
series-column-moment = Time
source-link = Source
alert-link = More
sample = Example from { $moment }: not real data.
further = { $count ->
        [one] And 1 more
       *[other] And { $count } more
    }
remark-left-out = { $count ->
        [one] One item from this service could not be read and is left out.
       *[other] { $count } items from this service could not be read and are left out.
    }
times-of = Times of { $city ->
        [Azores] the Azores
        [Canary] the Canary Islands
       *[other] { $name }
    }
state-waiting = { $publisher } has not answered yet. The data will appear as soon as it arrives.
state-stale-since = This data is from { $moment }. { $reason }
state-stale = This data is { $age } old. { $reason }
state-refreshing = We are getting the latest.
state-needs-setting = Fill this in first: { $field }.
failure-slow = { $publisher } is taking too long to answer.
failure-unreachable = { $publisher } cannot be reached.
failure-name-not-found = The internet address of { $publisher } cannot be found right now.
failure-not-secure = A secure connection with { $publisher } is not possible right now.
failure-broken = { $publisher } is having problems.
failure-refused = { $publisher } is not taking our requests for now.
failure-no-key = { $publisher } needs a key that has not been set up here yet.
failure-not-public = The web address you gave cannot be reached by everybody. Please check it.
failure-too-large = { $publisher } sent too much data at once.
failure-unreadable = { $publisher } gave an answer that we cannot read.
failure-changed = The service of { $publisher } seems to have changed: this card no longer understands its answer.
failure-not-a-feed = There is no news feed at this address, and no site that announces one. Please check the address.
failure-not-a-calendar = There is no calendar at this address. Please check the address.
own-licence = © the publisher
failure-busy = Too many people are asking { $publisher } at the same time.
failure-paused = The operator of this website has paused { $publisher } for now.
state-unavailable = { $reason } We will try again soon. Meanwhile, you can look on the service’s own website.
widget-gone = This card no longer exists. You can remove it.
greeting-morning = Good morning
greeting-day = Hello
greeting-evening = Good evening
done-added = “{ $card }” is on your page.
done-removed = “{ $card }” has been removed.
done-moved = “{ $card }” is now in place { $position } of { $total }.
done-resized = “{ $card }” now takes up { width-in-words }.
done-settings = The settings of “{ $card }” are saved.
done-refreshed = “{ $card }” has been refreshed.
done-not-refreshed = “{ $card }” could not be refreshed yet. Try again in a moment.
done-undone = Your last change has been undone.
done-nothing-to-undo = There is nothing to undo.
done-welcome = Done. You now see what applies to { $place }.
action-undo = Undo
action-do-anyway = Do it anyway
conflict = In the meantime, this page was changed in another window. Your change has not been made yet; below you see the page as it is now.
board-full = Your page is full. Remove a card first.
board-too-large = Your page is getting too large. The longest part is “{ $field }” of { $card }. Shorten it or remove a card. Nothing was changed.
board-too-large-cards = Your page is getting too large. Remove a card. Nothing was changed.
edit-no-space = A lot has been saved from your network today already. Please try again tomorrow. Nothing was changed.
service-answers = answers
service-fails = does not answer as it should
service-not-asked = not asked yet
service-samples = not asked: examples are shown
conflict-gone = In the meantime, this card was removed in another window.
problem-missing-field = Fill in “{ $label }”.
problem-missing = Fill this in.
problem-too-long = Use at most { $longest } characters.
problem-too-long-field = Use at most { $longest } characters for “{ $label }”.
problem-too-many-bytes = This is too long. Use fewer characters; an emoji counts as four.
problem-board-too-large = Your page is getting too large to save this. Shorten it, or remove a card first.
problem-not-a-number = Fill in a number.
problem-out-of-bounds = Fill in a number from { $least } to { $most }.
problem-not-a-choice = Choose one of the options.
problem-not-a-plate = Fill in a licence plate, for example 11-ZKZ-3.
problem-not-a-web-address = Fill in a web address, for example https://www.example.be/news.rss.
problem-unknown-place = We do not know that place. Fill in a Belgian postcode or municipality.
problem-unknown-place-similar = We do not know that place. Do you mean { $similar }?
problem-not-a-day = Choose a day, for example 23/11/2026.
problem-day-between = Choose a day from { $earliest } to { $latest }.
problem-day-late = Choose a day no later than { $latest }.
problem-day-early = Choose a day no earlier than { $earliest }.
problem-too-short = Type at least { $least } characters.
problem-nothing-found = We find nothing with that. Try another word.
problem-not-chosen = Choose one of the possibilities below.
problem-cannot-look-up = Nothing can be looked up now: the service does not answer. Please try again later.
lookup-found = { $count ->
        [one] One possibility found.
       *[other] { $count } possibilities found.
    }
lookup-search = Search
lookup-choose = Choose one of these possibilities
problem-summary = { $count ->
        [one] One answer cannot be used.
       *[other] { $count } answers cannot be used.
    }
fact-place = your place
evidence-recorded = Tested with a real answer of the service
evidence-client = Based on programs that use the service
evidence-documented = Based on the service’s documentation
error-not-found-title = This page does not exist
error-not-found = Maybe there is a typing mistake in the address, or the page has moved.
error-foreign-title = This change came from another website
error-foreign = To keep you safe, it was not made. Open your page and try it there.
error-unread-title = We could not read this
error-unread = Something is wrong in the address or in the form. Your page has not changed. Go back and try again.
error-broken-title = Something went wrong on our side
error-broken = Your page has not changed. Please try again in a moment.
error-store-title = Saving does not work just now
error-store = Nothing was changed and nothing is lost. You can go on looking at your page. Please try again in a few minutes.
live-lost = The server cannot be reached. Try again in a moment.
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
weekday-short-1 = Mon
weekday-short-2 = Tue
weekday-short-3 = Wed
weekday-short-4 = Thu
weekday-short-5 = Fri
weekday-short-6 = Sat
weekday-short-7 = Sun
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

# Cards of one's own: they have no service.
own-source = This is only on your own page
own-waiting = This card is not ready yet. It will appear in a moment.
own-unavailable = We cannot show this card now. What you wrote is still there.
links-source = Links to official pages
links-unavailable = We cannot show this card now. Try again later.
own-write = Edit
own-list-add = Add
own-list-new = Add something
own-list-clear = Remove ticked items
own-list-gone = That is no longer on the list. Nothing has changed.
own-list-refused = That could not be added. { $problem }
done-ticked = Ticked on “{ $card }”.
done-unticked = Put back on “{ $card }”.
done-item-added = Added to “{ $card }”.
done-items-cleared = The ticked items are gone from “{ $card }”.
problem-line-not-an-address = Line { $number } is not a web address: “{ $line }”. Begin an address with https://.
problem-line-too-long = Line { $number } is too long. Use at most { $longest } characters on a line.
problem-too-many-lines = There is room for { $most }. Remove something first.
lines-fit = It has room for { $longest } characters. Emoji count as four.
links-fit = It has room for { $most } links.
items-fit = It has room for { $most } lines of at most { $longest } characters.
