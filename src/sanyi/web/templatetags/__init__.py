"""模板标签: one library, `sanyi`, for all pages."""
