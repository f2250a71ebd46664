# Pages of a board, what was changed, and what waits to be sent.
page-first = Home
pages-label = Your pages
page-change = Name and icon
page-add = Add a page
page-name = Name
page-icon = Icon
page-icon-home = House
page-icon-work = Work
page-icon-school = School
page-icon-people = People
page-icon-heart = Heart
page-icon-health = Health
page-icon-train = Train
page-icon-bike = Bicycle
page-icon-weather = Weather
page-icon-money = Money
page-icon-star = Star
page-icon-folder = Folder
page-save = Save
page-earlier = To the front
page-later = To the back
page-remove = Remove page
page-remove-hint = When you remove a page, its cards go with it. You can always undo that.
page-empty = This page is still empty. Choose a card, or bring one from another page.
page-problem-name = Give the page a name of at most 40 characters.
page-gone = This page was removed in another window meanwhile.
page-last = This is your only page. It stays.
pages-full = You have twelve pages already. Remove one first.
edit-unusable = We could not read that. Nothing has changed; try again with the buttons below.
board-redo = Redo

# The buttons of a card.
card-more = More
card-first = To the beginning
card-last = To the end
card-fold = Fold
card-unfold = Unfold
card-page = Another page
card-to-page = Move

# What was done.
done-placed = “{ $card }” is now in place { $position } of { $total } and takes up { width-in-words }.
done-to-page = “{ $card }” is now on page “{ $page }”, in place { $position } of { $total }.
done-folded = “{ $card }” is folded.
done-unfolded = “{ $card }” is open again.
done-page-added = Page “{ $page }” was added.
done-page-changed = Page “{ $page }” was changed.
done-page-moved = Page “{ $page }” is now in place { $position } of { $total }.
done-page-removed = The page is gone, with its cards.
done-redone = The change was made again.
done-history = Your page is as it was then.
done-nothing-to-redo = There is nothing to redo.
done-without-cookie = Nothing has changed: your browser sends us no cookie, and without it we cannot keep your page. Allow cookies for this site and try again.
not-kept-title = Your choice was not kept
not-kept-back = Back

# Two tabs that changed the same.
conflict-title = Changed twice
conflict-card = “{ $card }” was also changed in another window meanwhile. Choose what you want to keep; until then everything stays as it is.
conflict-now = The page now
conflict-wished = Your version
conflict-keep = Keep this
conflict-take = Use mine
conflict-page-name = This page got another name or icon in another window meanwhile. It is called “{ $now }” now; you wanted “{ $mine }”.
conflict-page-remove = Something on this page was changed in another window meanwhile. It is still there; check whether it may go.
conflict-page-move = This page was moved in another window meanwhile.
conflict-undo = Something was changed in another window meanwhile. Undoing now takes this back: { $deed }.
conflict-redo = Something was changed in another window meanwhile. Redoing now does this: { $deed }.
conflict-board = Something was changed in another window meanwhile. If you go back all the same, that is taken back too.
difference-place = On page “{ $page }”, in place { $position }
difference-size = Takes up { width-in-words }
difference-folded = Folded
difference-unfolded = Open
difference-gone = Not on your page
difference-setting = { $label }: { $value }
difference-open = not filled in
difference-yes = yes
difference-no = no

# The history.
history-title = What you changed
history-lead = The last fifty changes, the newest first. You can go back to any moment.
history-link = Changes
history-empty = You have not changed anything yet. What you change on your page, you find here.
history-to-board = To my page
history-now = how it is now
history-undone = undone
history-go-back = Back to here
history-go-forward = Redo up to here
history-beginning = The beginning
change-gone = We do not keep changes from that far back.
deed-added = “{ $card }” added
deed-removed = “{ $card }” removed
deed-put-back = “{ $card }” put back
deed-moved = “{ $card }” to place { $position }
deed-to-page = “{ $card }” to page “{ $page }”, place { $position }
deed-resized = “{ $card }”: now { width-in-words }
deed-folded = “{ $card }” folded
deed-unfolded = “{ $card }” unfolded
deed-configured = Settings of “{ $card }” changed
deed-arranged = Cards in order of what matters to you
deed-page-added = Page “{ $page }” added
deed-page-changed = Page “{ $page }” changed
deed-page-moved = Page “{ $page }” to place { $position }
deed-page-removed = Page “{ $page }” removed
deed-changed = Something changed

# Edits that the server has not got yet; a number follows.
outbox-kept = The server cannot be reached just now. Your changes are kept on this device and go out as soon as it is back. Still to send:
outbox-unkept = The server cannot be reached just now, and this browser cannot keep anything. Leave this page open: your changes go out as soon as it is back. Still to send:
outbox-send = Try now
outbox-drop = Discard changes
outbox-sent = The server is back. All your changes are saved.
day-over = The server cannot be reached. What you see here is still of:

# The width of a card, as part of a sentence.
width-in-words = { $size ->
        [narrow] one column
        [wide] two columns
       *[other] the whole width
    }
deed-started = Cards chosen for your place and your interests
deed-set = “{ $set }” added
done-set-added = The cards are at the front of your page.

deed-ticked = Something ticked on “{ $card }”
deed-unticked = Something put back on “{ $card }”
deed-item-added = Something added to “{ $card }”
deed-items-cleared = Ticked items removed from “{ $card }”

# The band of today above the cards.
today-title = Today
today-weather = Weather
today-departure = To { $to }
today-delay = +{ $minutes } min
today-put-out = Put out tonight
today-collected-tomorrow = collected tomorrow
today-collected = Collected today
today-further = and { $count } more

# The board on a wall.
wall-title = Wall screen
wall-updated = Updated at { $time }
wall-offline = No connection. You see the data of { $time }.
wall-pause = Pause
wall-resume = Resume
wall-next = Next page
wall-close = Close
