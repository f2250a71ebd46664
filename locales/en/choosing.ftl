# What suggests a card, and what finds one quickly.

# Suggestions in the catalogue. The reasons are complete by themselves.
suggest-title = A good fit for you
suggest-lead = Chosen from what you told us yourself. We infer nothing from what you look at.
suggest-tell = Tell us where you live and what interests you. You will then see here what suits you.
suggest-tell-place = Tell us where you live too. You will then see what is near you.
suggest-tell-interests = Choose what interests you too. This list will then suit you even better.
suggest-tell-link = Add your place and interests
reason-place = Because you live in { $place }
reason-country = Because you live in Belgium
reason-interest = Because you chose “{ $theme }”
reason-place-interest = Because you live in { $place } and chose “{ $theme }”
reason-country-interest = Because you live in Belgium and chose “{ $theme }”
catalogue-everything = All cards
catalogue-found = Found
catalogue-near = Near you
catalogue-near-hint = only what works for { $place }
catalogue-far = Further away
catalogue-far-count = { $count ->
        [one] one card for another place
       *[other] { $count } cards for other places
    }
catalogue-own = Your own
catalogue-covers = Only for: { $areas }

# The page of a widget: the card in each width, of the width of the board.
widget-sizes = What the card looks like
widget-width = How wide do you want it?
widget-width-small = On a small screen each card takes the whole width. The width counts on a large screen.
width-narrow = Narrow: one column
width-wide = Wide: two columns
width-full = Full: the whole width
width-best = suits it best
widget-covers = Where it works
widget-covers-everywhere = Everywhere

# Quick find. What begins with find-words is never shown: by these words something is found too.
find-title = Find
find-lead = Jump to a card, a setting or something new.
find-label = What are you looking for?
find-close = Close
find-none = That is not there yet, or has another name here. Try another word.
find-some = { $count } found. Enter opens { $first }.
find-count =
    { $count ->
        [one] { $count } found
       *[other] { $count } found
    }
find-cards = On your page
find-settings = Settings and explanations
find-widgets = To choose from
find-wanted = Not there yet
wanted-try = This may help: { $cards }
wanted-title = There is no card for “{ $name }” yet.
wanted-help = This may help:
wanted-own = Put a source of your own on your page:
find-card-number = card { $number } of your page
find-arrange = Edit your page
find-words-place = address postcode municipality town live move interests themes topics preferences
find-words-arrange = move order width size remove delete edit change
find-words-language = Nederlands français Deutsch English translate
find-words-catalogue = catalogue widgets add new choose
find-words-services = outage broken slow sources status not working
find-words-privacy = cookies data erase keep security gdpr
find-words-wall = tablet kitchen screen kiosk wall large
find-words-forget = shared computer erase sign out log out account delete cookies forget me
find-words-accessibility = keyboard screen reader contrast letters blind low vision disability
find-words-about = contact version licence who
find-words-own-card = build your own develop contribute code
find-pages = Your pages
find-words-look = light dark theme colours contrast appearance compact
find-words-history = undo redo changes go back restore history
sets-title = For a moment in your life
sets-lead = A few cards together. You add them at once, and you can undo that.
sets-add = Add all
sets-link = Or choose cards for a moment in your life.
