"""What can be done in the registry.

Every service takes the same six steps: lock and read again (parent first), ask the policy, ask the
lifecycle, write, record, and hand over the messages that go out after the commit.
"""
