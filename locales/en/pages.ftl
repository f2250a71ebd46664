# What pages say: the shell, the board, the catalogue, forms and texts.

# Around every page.
shell-description = Your own start page with the public services that matter to you: trains, waste, road works, the council, warnings.
shell-skip = Skip to the content
shell-catalogue = Choose cards
shell-home = My page
shell-language = Language
shell-promise = What you choose stays here. No account, no adverts, nobody watching.
shell-services = How are the services doing?
shell-privacy = Privacy
shell-accessibility = Accessibility
shell-about = About Voordeur
shell-own-card = Make your own card

# The board.
board-edit = Edit my page
board-done = Done
board-cards = Your cards
board-place = Your place
board-place-guess = not right? Choose your place
board-sample = example
board-samples = The cards below show stored examples, not live data.
board-arranging = Put your cards in the order and the width you like. Every change is saved at once.
board-add = Add a card
board-undo = Undo
board-empty = There is nothing on your page yet. Choose a card you want to see every day.

# The buttons of a card; the card's title follows.
card-refresh = Refresh
card-again = Try again
card-reload = Load the page again
card-settings = Settings
card-fill-in = Fill in
card-earlier = Move forward
card-later = Move back
card-wider = Wider
card-narrower = Narrower
card-remove = Remove

# The questions for who is new here.
welcome-title = Welcome to your front door
welcome-text = Say where you live and what interests you, and your page is ready. You do not need an account.
welcome-place = Your postcode or municipality
welcome-place-hint = For instance 1000 or Brussels.
welcome-interests = What would you like to see?
welcome-save = Make my page
welcome-skip = Not now
welcome-page-title = Your place and your interests
welcome-page-lead = Cards without a place of their own follow this place.
welcome-page-save = Save
welcome-page-skip = Change nothing

# The catalogue.
catalogue-title = Choose your cards
catalogue-lead = Each card shows one public service.
catalogue-search = Search for a card or a service
catalogue-find = Search
catalogue-theme = About
catalogue-all = Everything
catalogue-none = No card found. Try another word or choose “Everything”.
catalogue-count =
    { $count ->
        [one] { $count } of { $total } cards
       *[other] { $count } of { $total } cards
    }
catalogue-add = Add
catalogue-add-again = Add another
catalogue-have = On your page

# The page of a widget.
widget-back = All cards
widget-source = Where it comes from
widget-publisher = Publisher
widget-licence = Licence
widget-pace = How often we ask
widget-theme = About
widget-evidence = How sure it is
widget-tier = How well it is tested
tier-bronze-means = Bronze: the card works on its samples and names its source and licence.
tier-silver-means = Silver: the card works in every language and every state, checks what you fill in, and says what its examples rest on.
tier-gold-means = Gold: as silver. The card also refuses every damaged answer that was tried, somebody looks after it, and it has been tested with the real service.
widget-fields = What the card asks you
widget-asked = What the service receives
widget-asked-nothing = Nothing about you. Our server asks the same question for everyone; your browser asks nothing.
widget-asked-text = Our server asks, never your browser, so the service does not see who you are. This is sent along:
widget-sent = Receives:
widget-sent-nothing = nothing about you
widget-no-key = Does not work here yet: the operator has to ask for a key first.
widget-key-page = Where to ask for a key
widget-hosts = The card cannot reach any address but these: { $hosts }.
widget-any-host = The card asks only the address that you give, and only when everybody can reach it.
host-of-your-own = the address that you give

# The settings of a card.
settings-title = Settings of “{ $card }”
settings-lead = What you fill in here holds for this card alone.
settings-problem = Something is not right. Check what is marked below.
settings-optional = (optional)
settings-own-place = Leave empty to use { $place }.
settings-between = From { $least } to { $most } { $unit }.
settings-save = Save
settings-cancel = Do not save

# How the services are doing.
services-title = How are the services doing?
services-lead = When a service fails, only the cards that need it notice.

# Privacy.
privacy-title = Privacy
privacy-lead = What we keep about you, what we do not keep, and what each service receives.
privacy-kept-title = What we keep
privacy-kept = Your cards and pages, their order and their settings, your place, your interests, your language and how the pages look. No name, no e-mail address, no password.
privacy-kept-changes = Your last fifty changes, with their time, so that you can undo them.
privacy-kept-visits = When you first chose something, and roughly when you were last here.
privacy-kept-feeds = For each web address of your agenda: which card it is about, and when it was last read. We can no longer read its secret part.
privacy-kept-answers = What the services answered. Nothing there says for whom it was.
privacy-browser = When our server cannot be reached for a while, your browser keeps your changes on your own device. Once they are sent, they are gone from there.
privacy-offline = If you say that this is your own device, your browser also keeps your last pages, for when there is no internet. After seven days without a new visit we no longer show such a copy.
privacy-how-long-title = How long we keep it
privacy-how-long = If you do not come by for 90 days, we delete your page and all that belongs to it. Each visit starts those 90 days again, for the cookie too. A backup kept by whoever runs this site may hold it a while longer.
privacy-cookie = Your page is tied to a random key in a cookie. Scripts cannot read that cookie. Without the key, nobody can find your page; we do not know whose it is.
privacy-shared = On a shared computer? Then erase everything when you are done:
privacy-not-title = What we do not do
privacy-not = You need no account. We do not follow you, we do not measure your visits, and nothing on the page is from third parties: no adverts, no fonts, no statistics from elsewhere. Your browser talks to this server only.
privacy-services-title = What each service receives
privacy-services = Our server asks for the data, never your browser. So the service sees our server’s address and not yours. It receives only what is listed below, and only when the card is on your page.
privacy-told = Receives:
privacy-told-nothing = nothing about you
privacy-gone-title = How to erase everything
privacy-gone = One button erases everything at once, in this browser and on our server. Only a backup of whoever runs this site may still hold it for a while. If you delete this website’s cookies yourself, the key is gone and nobody can open your page; what we keep is then deleted by itself after 90 days.

# About.
about-title = About Voordeur
about-lead = A start page that you put together yourself from public services.
about-what-title = What it is
about-what = Public bodies open up a lot of data: departure times, waste calendars, road works, air measurements, council decisions. It is spread over dozens of websites. Voordeur brings together what matters to you, on one page that is yours.
about-catalogue =
    { $count ->
        [one] There is one card to choose from now.
       *[other] There are { $count } cards to choose from now.
    }
about-catalogue-link = See them all
about-promises-title = What we promise
about-promise-broken = A service that is slow or broken harms only its own card.
about-promise-source = Every card says where its data comes from and how old it is.
about-promise-browser = Your browser talks to this server only. What you choose goes nowhere but where a card needs it.
about-own-title = Make your own card
about-own = A public body, a company or a keen citizen can add a service. Most often without programming: a card is one folder with a description and a few stored answers of the service.
about-own-how = The guide is with the source, in the folder widgets. The project tells you exactly what is not right yet.
about-icons-title = Icons and licence
about-icons = Voordeur is free software under the EUPL-1.2. The icons are from Lucide, under the ISC licence. The data belongs to those who publish it; every card names its licence.
about-contact-title = Contact
about-contact = Contact the operator of this site:
about-version = Version { $version }

# The statement about accessibility.
accessibility-title = Accessibility
accessibility-lead = A front door is for everyone. This is what we do for that, and what can still be better.
accessibility-works-title = What works
accessibility-works-scripts = Every page and every change works without JavaScript.
accessibility-works-keyboard = Everything can be done with the keyboard: pick up a card, move it in four directions, make it wider or narrower, put it down. Each step is announced, and the focus stays on the card.
accessibility-works-reader = Charts and small maps are there in words too: a sentence, a table or a list. Severity and delay are always in words, never in colour alone.
accessibility-works-look = You choose light, dark or high contrast, and roomy or compact. Choose nothing, and the page follows your device. Text can grow to 200% and the page to 400% without anything getting lost. If you ask for less motion, you get less motion.
accessibility-tested-title = How it is tested
accessibility-tested = At each change of Voordeur, axe goes over every page, in every colour and width, and the pages are used with mouse, finger and keyboard, and without JavaScript. The contrast of each colour is worked out again: at least 4.5 to 1, and 7 to 1 with high contrast. We aim at WCAG 2.2, level AA.
accessibility-limits-title = What is not good yet
accessibility-limit-people = These are tests by machines. People who use a screen reader or other aids every day have not judged Voordeur yet.
accessibility-limit-language = What a service writes itself is sometimes in one language only, and not always in plain words.
accessibility-limit-map = A small map shows distance and direction, no streets. The list beside it says the same in words.
accessibility-tell-title = Does something not work?
accessibility-tell = Tell the operator of this site what you wanted to do, with what, and where it went wrong.

# What could not be shown or done.
error-home = To my page
error-catalogue = Find cards
error-status = Code { $status }

# Themes of life.
theme-moving-about = Getting around
theme-home-and-street = Home and street
theme-weather-and-environment = Weather and environment
theme-council-and-law = Council and law
theme-family-and-school = Family and school
theme-work-and-money = Work and money
settings-after-adding = The card is at the front of your page. Fill this in, and it has something to show.
settings-after-welcome = One more question and your page is ready. You can also answer it later.
settings-own-title = A title of your own
settings-own-title-hint = Leave it empty to use “{ $card }”.
settings-preview = The card looks like this, with an example

links-title = Official pages
links-kept = There is no open service on this subject that we could ask. So this card leads to the official pages. It asks nothing and passes on nothing about you.
own-title = Yours alone
own-kept = We keep what you write on this card with your page, and nowhere else. The card asks nothing of any service. If you remove the card, you can still undo that; after that, the text is gone too.
privacy-kept-own = What you write yourself on cards of your own ({ $cards }). It goes to no service at all.

# Erasing everything.
forget-title = Forget this device
forget-what = We erase your pages, your cards and their settings, your place, your changes and the addresses of your agenda. The cookie goes too, with everything that this browser keeps of us. You cannot undo this.
forget-keep = Do you want your page back later? Keep it as a file first:
forget-do = Erase everything
forget-not = Erase nothing
forget-done-title = Everything is erased
forget-done = Our server and this browser know nothing of you any more. If this site is still open in another tab, close it.
forget-nothing = We keep nothing of this browser.
forget-on = To a new page

# The device: pages without a network.
device-title = This device
device-lead = What this browser may keep of you, and how to erase everything.
offline-title = Without internet too
offline-what = Is this your own device? Then this browser can keep your last page, so that you see it without internet too. Do not switch this on on a shared computer. The copy goes by itself after seven days.
offline-is-on = This is on.
offline-on = Switch on: this is my device
offline-off = Switch off and erase the copy
offline-copy = No connection. You see your page of { $day }, { $time }.
offline-greeting = Your page without internet
