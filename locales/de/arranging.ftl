# What is said while a card is moved, and on what moves it.
arranging-handle = Aufnehmen
arranging-how = Drücken Sie die Eingabetaste oder die Leertaste, um die Karte aufzunehmen. Die Pfeiltasten bewegen sie.
arranging-picked = „{ $card }“ aufgenommen, Stelle { $position } von { $total }. Pfeiltasten bewegen, Plus und Minus ändern die Breite, die Eingabetaste legt ab, Escape legt zurück.
arranging-moved = Stelle { $position } von { $total }.
arranging-edge = Weiter geht es nicht: Stelle { $position } von { $total }.
arranging-size = Nimmt { $size } ein.
arranging-narrowest = Nimmt { $size } ein, schmaler geht es nicht.
arranging-widest = Nimmt { $size } ein, breiter geht es nicht.
arranging-to-page = Auf die Seite „{ $page }“. Die Eingabetaste legt ab, Escape legt zurück.
arranging-this-page = Auf dieser Seite, Stelle { $position } von { $total }.
arranging-no-page = In dieser Richtung gibt es keine andere Seite.
arranging-unchanged = „{ $card }“ bleibt an Stelle { $position }.
arranging-cancelled = „{ $card }“ steht wieder an Stelle { $position }.
