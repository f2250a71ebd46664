# Error pages that need no store: too many requests, wrong host, unreadable form.
error-busy-title = Il y a beaucoup de monde
error-busy = Trop de personnes arrivent en même temps. Votre page est bien gardée. Réessayez dans quelques secondes.
error-crowd-title = Un peu de patience
error-crowd = Beaucoup de demandes arrivent en même temps de votre réseau. Attendez une minute, puis réessayez. Votre page n’a pas changé.
error-host-title = Ce n’est pas la bonne adresse
error-host = Utilisez ce lien pour arriver au bon endroit :
error-form-title = Ce formulaire n’est pas bien arrivé
error-form = Il était trop grand ou a pris trop de temps. Votre page n’a pas changé. Revenez en arrière et réessayez.
error-space-title = Il n’y a plus de place pour une nouvelle page
error-space = Notre disque est presque plein : nous ne pouvons pas enregistrer de nouvelles pages pour le moment. Vous pouvez quand même regarder. Réessayez plus tard, ou prévenez la personne qui gère ce site.
