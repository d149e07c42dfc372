"""Dates as feeds, pages and files write them."""
