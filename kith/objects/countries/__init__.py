"""What is usual in each country, as records that administrators edit over what the house knows itself."""
