# The board as a file: keep it, share it, take one.
shell-share = Keep and share
share-title = Keep and share
share-lead = Take your page with you as a file, or share it without your own details.
share-keep-title = Keep your page
share-keep = This file holds all of your page: your cards, your settings and your postcode. Keep it safe, and give it to nobody who should not know them.
share-keep-download = My page as a file
share-take-title = Open a file
share-take = You first see what is in it. Nothing changes yet.
share-take-file = File
share-take-show = Show what is in it
share-share-title = Share your page
share-share = This is everything that you share. Your place, stops, addresses, notes, own links and other words that you typed stay with you: whoever opens the link or the file gives their own answers. The names of your pages do go along.
share-share-link = Pass on this link:
share-share-no-link = Your page is too large for a link. Pass on the file.
share-share-download = File to share
preview-file-title = What you can take
preview-template = Somebody shared these cards. If you take them, you fill in your own place, stop or address afterwards.
preview-board = This is a page that was kept.
preview-asks = Still asks you for: { $fields }
preview-unknown = We do not have these cards here. They are left out:
preview-undo = Taking them is one change. You can undo it.
preview-after = Put after my pages
preview-instead = Replace my pages
preview-nothing = Take nothing
preview-changed = Your page was changed in another window meanwhile. Nothing was taken yet; choose again.
done-imported = The pages are here now.
deed-imported = { $count ->
        [one] Kept or shared pages added, with one card
       *[other] Kept or shared pages added, with { $count } cards
    }
deed-imported-instead = { $count ->
        [one] All pages replaced by kept or shared ones, with one card
       *[other] All pages replaced by kept or shared ones, with { $count } cards
    }
file-absent = Choose a file first.
file-too-large = The file is too large. It may have at most { $most } kB. Nothing was changed.
file-not-json = We cannot read this file. Choose a file that you kept here. Nothing was changed.
file-not-a-board = There is no page of Voordeur in this file. Nothing was changed.
file-newer = This file comes from a newer version of Voordeur. Nothing was changed.
link-broken = This link is not complete. Ask for it again, or for the file. Nothing was changed.
file-value = In the file, “{ $path }” is not right: { $reason } Nothing was changed.
value-missing = it is missing.
value-unknown = we do not know it.
value-wrong-type = it is of another kind than we expect.
value-too-many = there are more than { $most }.
value-empty = there is nothing in it.
value-personal = a shared page holds nobody’s own details.
value-unusable = we cannot use this value.
