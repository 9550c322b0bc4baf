module onramp/pause

go 1.24.0
