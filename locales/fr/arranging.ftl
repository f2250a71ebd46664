# What is said while a card is moved, and on what moves it.
arranging-handle = Prendre
arranging-how = Appuyez sur Entrée ou sur la barre d’espace pour prendre la carte. Les flèches la déplacent.
arranging-picked = La carte « { $card } » est prise, place { $position } sur { $total }. Les flèches déplacent, plus et moins changent la largeur, Entrée dépose, Échap remet en place.
arranging-moved = Place { $position } sur { $total }.
arranging-edge = Impossible d’aller plus loin : place { $position } sur { $total }.
arranging-size = Occupe { $size }.
arranging-narrowest = Occupe { $size }, c’est la plus petite largeur.
arranging-widest = Occupe { $size }, c’est la plus grande largeur.
arranging-to-page = Vers la page « { $page } ». Entrée dépose, Échap remet en place.
arranging-this-page = Sur cette page, place { $position } sur { $total }.
arranging-no-page = Il n’y a pas d’autre page dans cette direction.
arranging-unchanged = La carte « { $card } » reste à la place { $position }.
arranging-cancelled = La carte « { $card } » est de nouveau à la place { $position }.
