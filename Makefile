ARCH := $(shell uname -m)
ifeq ($(ARCH),x86_64)
  CPU := -Xcc -march=native
endif
FLAGS := -c release --explicit-target-dependency-import-check error $(CPU)

build:
	swift build $(FLAGS)
test:
	swift build --build-tests $(FLAGS)
	swift test --skip-build $(FLAGS)
.PHONY: build test
