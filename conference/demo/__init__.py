"""The invented region that `casustafel demo` loads: `world.world(now)` as `casustafel seed` reads it."""
