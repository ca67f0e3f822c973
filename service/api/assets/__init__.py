"""Set-up of the front-end libraries; imported by nothing."""
