# What is said while a card is moved, and on what moves it.
arranging-handle = Pick up
arranging-how = Press Enter or the space bar to pick up the card. The arrow keys move it.
arranging-picked = “{ $card }” picked up, place { $position } of { $total }. Arrow keys move it, plus and minus change its width, Enter puts it down, Escape puts it back.
arranging-moved = Place { $position } of { $total }.
arranging-edge = It cannot go further: place { $position } of { $total }.
arranging-size = Takes up { $size }.
arranging-narrowest = Takes up { $size }; it cannot be narrower.
arranging-widest = Takes up { $size }; it cannot be wider.
arranging-to-page = To the page “{ $page }”. Enter puts it down, Escape puts it back.
arranging-this-page = On this page, place { $position } of { $total }.
arranging-no-page = There is no other page in that direction.
arranging-unchanged = “{ $card }” stays at place { $position }.
arranging-cancelled = “{ $card }” is back at place { $position }.
