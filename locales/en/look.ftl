# How the pages look.
