"""Attribution: the source, cue and content of each quotation of an article."""
