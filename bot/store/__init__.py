"""The database: models, migrations, sessions."""
