"""The command line: commands, options and completion; exceptions become exit statuses."""
