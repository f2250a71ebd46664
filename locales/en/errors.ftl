# Error pages that need no store: too many requests, wrong host, unreadable form.
error-busy-title = It is very busy here
error-busy = More people are coming in than we can receive at once. Your page is kept safe. Try again in a few seconds.
error-crowd-title = Please wait a moment
error-crowd = A lot is being asked from your network at once. Wait a minute, then try again. Your page has not changed.
error-host-title = This is not the right address
error-host = Use this link to get there:
error-form-title = This form did not arrive properly
error-form = It was too large or took too long. Your page has not changed. Go back and try again.
error-space-title = There is no room for a new page just now
error-space = Our disk is nearly full, so we cannot save new pages just now. You can still look around. Please try again later, or tell whoever runs this site.
