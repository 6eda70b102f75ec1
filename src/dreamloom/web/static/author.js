// The author page: goes on from the form.
