"""The figures of one programme, from plain records to a result that pages, command line and snapshots share."""
