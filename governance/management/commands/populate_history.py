from governance.management.refused import Command as Command
