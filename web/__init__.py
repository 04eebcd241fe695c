"""The answer API and the web chat: HTTP around one `qa.service.service.Service`. `web.app.create_app` makes the application."""
