"""Dates as short as in English."""

DATE_FORMAT = "j.m.Y"
DATETIME_FORMAT = "j.m.Y, H:i"
TIME_FORMAT = "H:i"
SHORT_DATE_FORMAT = "j.m.Y"
SHORT_DATETIME_FORMAT = "j.m.Y, H:i"
FIRST_DAY_OF_WEEK = 1
